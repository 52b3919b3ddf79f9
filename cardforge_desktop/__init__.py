"""CardForge Desktop: source material in, ready-to-play character cards out."""

__version__ = "0.1.0"
