"""Who bought what comes in; what goes together, why, and how sure it is go out."""
