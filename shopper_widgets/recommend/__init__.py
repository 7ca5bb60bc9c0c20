"""Who bought what comes in; what goes together, why, and how sure that is go out."""
