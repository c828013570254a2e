# Cuts an event that is too large, and marks it.
# Values: @own, the event's own fields; @max, the largest event in bytes, as JSON.

require "json"

# Cuts the text of all fields but the event's own, so that what was redacted stays so. Characters that JSON escapes make it
# longer than it is: it is cut again until it fits.
@each = lambda do |record, _tag|
  size = record.to_json.bytesize
  next unless size > @max
  rest = record.reject { |key, _| @own.include?(key) }
  text = rest.keys == ["message"] ? rest["message"].to_s : rest.to_json
  record.keep_if { |key, _| @own.include?(key) }
  record.update("truncated" => true, "original_bytes" => size)
  room = @max - record.to_json.bytesize - 16
  text = text.byteslice(0, room).scrub("")
  while (written = text.to_json.bytesize) > room
    text = text.byteslice(0, text.bytesize * room / written).scrub("")
  end
  record["message"] = text
end
