"""Language models: one request, one answer, whatever API stands behind them."""
