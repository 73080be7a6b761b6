"""Utterance-level sentiment benchmark: data, exact protocol, methods in one harness, bundle."""
