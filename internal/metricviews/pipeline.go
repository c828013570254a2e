package metricviews

func records() View {
	return View{
		Name:        Records,
		Description: "How many records the streaming job accepted, and rejected by reason, by the minute of their arrival",
		Columns: []Column{
			{"window_start", timestamp, "Start of the minute in which they arrived, UTC"},
			{"outcome", varchar, "accepted, or the reason of the rejection"},
			{"value", double, "Number of records"},
		},
		text: statement{"pipeline_records.sql", nil},
	}
}

func freshness() View {
	return View{
		Name:        Freshness,
		Description: "How old the newest numbers are, in one row",
		Columns: []Column{
			{"live_window_start", timestamp, "Start of the newest minute that has live numbers, UTC; null where the last 3 days have none"},
			{"live_updated_at", timestamp, "When live numbers were written last, UTC; null where the last 3 days have none"},
			{"cut_over", timestamp, "End of the exact numbers, UTC; null before the first batch"},
			{"batch_updated_at", timestamp, "When a batch that moved the cut-over was last at work, UTC; null before the first"},
			{"live_seconds", bigint, "Seconds since live_window_start; 0 where it lies ahead"},
			{"batch_seconds", bigint, "Seconds since cut_over"},
			{"open_gaps", bigint, "Gaps with minutes that may lack events and that no batch has counted yet"},
		},
		text: statement{"pipeline_freshness.sql", nil},
	}
}

func batches() View {
	return View{
		Name:        Batches,
		Description: "Runs of the batch",
		Columns: []Column{
			{"run", varchar, "Id of the run"},
			{"state", varchar, "running, done or failed"},
			{"range_from", timestamp, "Start of the first minute to count, UTC"},
			{"range_to", timestamp, "End of the last one, UTC, exclusive"},
			{"cut_over", timestamp, "Where the run moved the cut-over to, UTC; null where it did not"},
			{"objects", bigint, "Objects read"},
			{"records", bigint, "Records read"},
			{"duplicates", bigint, "Records left out since their event was counted already"},
			{"rejected", varchar, "Records rejected, a JSON object of numbers by reason"},
			{"version", varchar, "Version of code, spec and settings"},
			{"started_at", timestamp, "When the run began, UTC"},
			{"updated_at", timestamp, "When the run told its progress last, UTC"},
		},
		text: statement{"pipeline_batches.sql", nil},
	}
}
