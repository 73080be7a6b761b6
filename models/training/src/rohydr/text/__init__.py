"""How well emotion and sentiment can be read from words: the shipped text encoder frozen, and fine-tuned."""
