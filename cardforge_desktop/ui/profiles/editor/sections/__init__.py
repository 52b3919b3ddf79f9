"""The parts of the profile form."""
