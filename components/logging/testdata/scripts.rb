# Runs the filters' scripts alone: it reads a list of {"script", "values", "tag", "record"} from standard input, where script
# is Ruby, and writes for each what became of the record, or of its field where one is read, and what was raised.
require "json"

def result(given)
  place = Object.new
  given["values"]&.each { |name, value| place.instance_variable_set("@#{name}", value) }
  place.instance_eval(given["script"])
  return { "field" => place.instance_variable_get(:@known).call(given["record"], given["key"]) } if given["key"]
  place.instance_variable_get(:@each).call(given["record"], given["tag"])
  { "record" => given["record"] }
rescue StandardError => e
  { "record" => given["record"], "raised" => e.message }
end

puts JSON.generate(JSON.parse($stdin.read).map { |given| result(given) })
