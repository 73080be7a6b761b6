"""Decoders of latents into curves that people can read, attached to a finished bundle without touching its weights."""
