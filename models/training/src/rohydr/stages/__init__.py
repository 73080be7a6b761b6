"""The four training stages, one module each."""
