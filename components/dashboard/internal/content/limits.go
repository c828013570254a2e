package content

const (
	// MaxVisuals is how many a sheet can have (docs.aws.amazon.com/quicksight/latest/APIReference/API_SheetDefinition.html).
	MaxVisuals = 50
	// VisualsOfAMetric is how many each metric has on a sheet: a number or a table, and a line chart.
	VisualsOfAMetric = 2
	// OwnVisuals is how many a sheet has beside them.
	OwnVisuals = 1

	// MaxMetrics is how many metrics and ratios fit.
	MaxMetrics = (MaxVisuals - OwnVisuals) / VisualsOfAMetric
)
