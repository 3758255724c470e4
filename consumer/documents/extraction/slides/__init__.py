"""PPTX: slides with all that stands on and behind them."""
