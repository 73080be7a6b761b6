"""Other families of recovery, rebuilt small, behind the same interface and trained on the same latents and masks."""
