package content

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"example.com/log-pipeline/internal/metricviews"
)

// ratio is the calculated field of ratios, whichever the filter of the visual lets through. Neither it nor [joined] is a name that a
// column can have, since there is a space in each.
const ratio = "numerator / denominator"

// maxFieldName is the longest name of a calculated field, in CloudFormation's schema.
const maxFieldName = 127

// calculated are the calculated fields: that of the ratios, and one for the dimensions of each metric whose values do not add up.
func calculated(metrics []metric) []any {
	fields := []any{calculatedField(ratio, "sum({numerator}) / sum({denominator})")}
	seen := map[string]bool{}
	for _, m := range metrics {
		if name := joined(m.dimensions); !m.addsUp && len(m.dimensions) > 1 && !seen[name] {
			seen[name] = true
			fields = append(fields, calculatedField(name, joining(m.dimensions)))
		}
	}
	return fields
}

func calculatedField(name, expression string) object {
	return object{"DataSetIdentifier": metricviews.All, "Name": name, "Expression": expression}
}

// joined is the name of the field with the values of several dimensions together.
func joined(dimensions []string) string {
	name := "by " + strings.Join(dimensions, ", ")
	if len(name) <= maxFieldName {
		return name
	}
	sum := sha256.Sum256([]byte(name))
	hash := hex.EncodeToString(sum[:])[:8]
	return name[:maxFieldName-len(hash)-1] + " " + hash
}

// joining is its expression. A text with nothing in it makes the whole nothing, so that has a sign of its own.
func joining(dimensions []string) string {
	parts := make([]string, len(dimensions))
	for i, dimension := range dimensions {
		parts[i] = fmt.Sprintf("ifelse(isNull({%s}), '-', {%s})", dimension, dimension)
	}
	return "concat(" + strings.Join(parts, ", ' / ', ") + ")"
}

// column names a column of a data set.
func column(view, name string) object {
	return object{"DataSetIdentifier": view, "ColumnName": name}
}

// category is a field of a visual whose values are texts.
func category(id, view, name string) object {
	return object{"CategoricalDimensionField": object{"FieldId": id, "Column": column(view, name)}}
}

// moment is the field of a visual with the times of the values, put together by a span such as MINUTE.
func moment(id, view, span string) object {
	return object{"DateDimensionField": object{"FieldId": id, "Column": column(view, "window_start"), "DateGranularity": span}}
}

// measure is a field of a visual with the total of a number. The total of a calculated field of totals is its own.
func measure(id, view, name string, by total, format object) object {
	field := object{"FieldId": id, "Column": column(view, name)}
	if by != divided {
		field["AggregationFunction"] = object{"SimpleNumericalAggregation": string(by)}
	}
	if format != nil {
		field["FormatConfiguration"] = object{"FormatConfiguration": format}
	}
	return object{"NumericalMeasureField": field}
}

// value is the metric's own, in a visual that keeps so many of its dimensions apart.
func (m metric) value(id string, dimensions int) object {
	by := m.totalOf(dimensions)
	if by == divided {
		return measure(id, metricviews.All, ratio, by, m.format())
	}
	return measure(id, metricviews.All, "value", by, m.format())
}

// format is how the metric's numbers are written; nil for as QuickSight does.
func (m metric) format() object {
	if m.unit != defaultUnit {
		return nil
	}
	return object{"PercentageDisplayFormatConfiguration": object{"DecimalPlacesConfiguration": object{"DecimalPlaces": 2}}}
}
