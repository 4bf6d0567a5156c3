"""What in a call may identify a person: found by recognisers, counted and located by a scan, masked by redaction."""
