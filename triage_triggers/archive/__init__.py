"""Years of calls: several processes, bounded memory, results on disk that survive a crash."""
