"""One file per action, with the model of its parameters beside it."""
