"""OnTrack: a contractor's operations, from the first call to the last cent."""
