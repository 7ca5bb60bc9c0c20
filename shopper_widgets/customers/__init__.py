"""A model comes in; its customers through time go out: history, movements, rhythm, cohorts, campaigns."""
