package content

const (
	// linesInAChart keeps a chart readable; QuickSight shows 25 by itself (docs.aws.amazon.com/quicksight/latest/user/line-charts.html).
	linesInAChart = 10
	rowsOnAPage   = 10
)

// headed is what all kinds of visuals have.
func headed(id, title, subtitle string, configuration object) object {
	return object{
		"VisualId":           id,
		"Title":              object{"Visibility": "VISIBLE", "FormatText": object{"PlainText": title}},
		"Subtitle":           object{"Visibility": "VISIBLE", "FormatText": object{"PlainText": subtitle}},
		"ChartConfiguration": configuration,
	}
}

// kpi is one number. With a field of times it is that of the latest, beside the one before.
func kpi(id, title, subtitle string, value, times object) object {
	wells := object{"Values": []any{value}}
	configuration := object{"FieldWells": wells}
	if times != nil {
		wells["TrendGroups"] = []any{times}
		configuration["KPIOptions"] = object{
			"Comparison":              object{"ComparisonMethod": "PERCENT_DIFFERENCE"},
			"PrimaryValueDisplayType": "ACTUAL",
		}
	}
	return object{"KPIVisual": headed(id, title, subtitle, configuration)}
}

// chart is a line chart over time.
type chart struct {
	id, title, subtitle, unit string
	times, value, lines       object
	// others says whether the lines that there is no place for are one more line together.
	others bool
}

func (c chart) json() object {
	others := "EXCLUDE"
	if c.others {
		others = "INCLUDE"
	}
	return object{"LineChartVisual": headed(c.id, c.title, c.subtitle, object{
		"Type": "LINE",
		"FieldWells": object{"LineChartAggregatedFieldWells": object{
			"Category": []any{c.times}, "Values": []any{c.value}, "Colors": []any{c.lines},
		}},
		"SortConfiguration": object{
			"CategorySort":                 []any{sortedBy(fieldID(c.times), "ASC")},
			"ColorItemsLimitConfiguration": object{"ItemsLimit": linesInAChart, "OtherCategories": others},
		},
		"PrimaryYAxisLabelOptions": object{"AxisLabelOptions": []any{object{"CustomLabel": c.unit}}},
		// No number is not 0, and not the mean of its neighbours either.
		"PrimaryYAxisDisplayOptions": object{"MissingDataConfigurations": []any{object{"TreatmentOption": "SHOW_AS_BLANK"}}},
	})}
}

// table has a row for each value of dimensions, those with the highest first value on top.
func table(id, title, subtitle string, dimensions []any, values ...any) object {
	return object{"TableVisual": headed(id, title, subtitle, object{
		"FieldWells":        object{"TableAggregatedFieldWells": object{"GroupBy": dimensions, "Values": values}},
		"SortConfiguration": pages(fieldID(values[0].(object))),
	})}
}

func pages(descending string) object {
	return object{
		"RowSort":                 []any{sortedBy(descending, "DESC")},
		"PaginationConfiguration": object{"PageNumber": 1, "PageSize": rowsOnAPage},
	}
}

func sortedBy(field, direction string) object {
	return object{"FieldSort": object{"FieldId": field, "Direction": direction}}
}

// fieldID is the id of a field of a visual, which is an object with its kind as the only key.
func fieldID(field object) string {
	for _, inner := range field {
		return inner.(object)["FieldId"].(string)
	}
	return ""
}
