# Marks an event that is too large, and raises, so that it goes to the error flow.
# Value: @max, the largest event in bytes, as JSON.

require "json"

@each = lambda do |record, _tag|
  size = record.to_json.bytesize
  next unless size > @max
  record["oversized"] = true
  record["original_bytes"] = size
  raise "event of #{size} bytes is over #{@max}"
end
