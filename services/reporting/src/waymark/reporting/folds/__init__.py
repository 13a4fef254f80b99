"""What of the plans topic is kept, as pure folds: current sheets, span rows for past days, histories, templates."""
