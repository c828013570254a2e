# Finds in each text what its pattern matches, as the redaction does: JSON in, JSON out.
require "json"

cases = JSON.parse($stdin.read)
found = cases.map do |c|
  matches = []
  c["text"].gsub(Regexp.new(c["pattern"])) { |m| matches << m; m }
  matches
end
$stdout.write(JSON.generate(found))
