"""Profiles: how cards are made. Model, versions and the service that keeps them."""
