package content

// A sheet's grid has 36 columns (docs.aws.amazon.com/quicksight/latest/APIReference/API_GridLayoutElement.html).
const (
	columns = 36
	third   = columns / 3

	rowOfNumbers = 6
	rowOfChart   = 9
	rowOfTable   = 10

	// controlColumns is the width of a filter's control.
	controlColumns = 4

	viewPort = "1600px"
)

// sheet is a sheet that is filled from top to bottom.
type sheet struct {
	id, name, description string

	visuals, elements, controls, controlElements []any
	height                                       int
}

// cell is a visual in a row.
type cell struct {
	id     string
	width  int
	visual object
}

// place puts cells side by side under what is there.
func (s *sheet) place(height int, cells ...cell) {
	left := 0
	for _, c := range cells {
		s.visuals = append(s.visuals, c.visual)
		s.elements = append(s.elements, object{
			"ElementId": c.id, "ElementType": "VISUAL", "ColumnIndex": left, "ColumnSpan": c.width, "RowIndex": s.height, "RowSpan": height,
		})
		left += c.width
	}
	s.height += height
}

// control puts a filter's control above the sheet.
func (s *sheet) control(id string, control object) {
	s.controls = append(s.controls, control)
	s.controlElements = append(s.controlElements, object{
		"ElementId": id, "ElementType": "FILTER_CONTROL", "ColumnSpan": controlColumns, "RowSpan": 1,
	})
}

func (s *sheet) json() object {
	grid := func(elements []any) object { return object{"Elements": elements} }
	layout := grid(s.elements)
	layout["CanvasSizeOptions"] = object{"ScreenCanvasSizeOptions": object{"ResizeOption": "FIXED", "OptimizedViewPortWidth": viewPort}}
	return object{
		"SheetId": s.id, "Name": s.name, "Description": s.description, "ContentType": "INTERACTIVE",
		"Visuals": s.visuals, "FilterControls": s.controls,
		"Layouts":             []any{object{"Configuration": object{"GridLayout": layout}}},
		"SheetControlLayouts": []any{object{"Configuration": object{"GridLayout": grid(s.controlElements)}}},
	}
}
