# Reads a field of the container's metadata. It is never empty and no longer than a partition key may be: Kinesis refuses a
# whole batch for one key that is (docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecordsRequestEntry.html).

@known = lambda do |record, key|
  name = record.dig("kubernetes", key).to_s[0, 256]
  name.empty? ? "unknown" : name
end
