"""Looking back: decisions re-evaluated, cases of several calls and notes, and what would have changed a decision."""
