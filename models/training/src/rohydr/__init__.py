"""RoHyDR: diffusion recovery of missing modalities with adversarial fusion recovery (training package)."""

__version__ = "0.1.0"
