"""Readers of the training material and the pairing of texts with clips."""
