"""A small convolutional network for facial expressions, trained on FER2013 and run by the app on every sampled face."""
