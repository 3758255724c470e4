"""The parts a model plays in a document job: planner, analyst, writer and judge."""
