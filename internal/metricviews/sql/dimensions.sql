{{- range .Dimensions}}
{{- if eq .Type "varchar"}}
  JSON_EXTRACT_SCALAR(dimensions, {{text .At}}) AS {{name .Name}},
{{- else}}
  TRY_CAST(JSON_EXTRACT_SCALAR(dimensions, {{text .At}}) AS {{upper .Type}}) AS {{name .Name}},
{{- end}}
{{- end}}
