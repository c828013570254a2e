# Runs the filters of flows on events, as the plugins of Fluentd do that they are rendered for: it reads a list of {"filters",
# "events"} from standard input and writes, for each event of each, the event or the error with which it goes to the error
# flow.
#
# What the plugins do was read in gh:repeatedly/fluent-plugin-record-modifier lib/fluent/plugin/filter_record_modifier.rb,
# gh:fluent/fluentd lib/fluent/plugin/{filter_parser,parser_json,parser_regexp,filter_grep}.rb and
# lib/fluent/config/literal_parser.rb, gh:repeatedly/fluent-plugin-multi-format-parser,
# gh:uken/fluent-plugin-elasticsearch lib/fluent/plugin/filter_elasticsearch_genid.rb, gh:lunardial/fluent-plugin-dedot_filter.
require "base64"
require "digest"
require "json"

# What the configuration's parser makes of a value.
def literal(text)
  return text unless text&.start_with?("'", '"')
  raise "not closed: #{text}" unless text.end_with?(text[0])
  raise "a line ends in quotes: #{text}" if text.include?("\n")
  return text[1..-2].gsub(/\\(['\\])/) { $1 } if text.start_with?("'")
  raise "Ruby that runs when Fluentd starts: #{text}" if text.match?(/(?<!\\)\#\{/)
  text[1..-2].gsub(/\\(.)/) { ESCAPES.fetch($1) { |symbol| symbol =~ /[a-zA-Z0-9]/ ? raise("no escape: #{symbol}") : symbol } }
end

ESCAPES = { "r" => "\r", "n" => "\n", "t" => "\t", "f" => "\f", "b" => "\b" }.freeze

class Expander
  def initialize(value, setup)
    raise "more than one placeholder: #{value}" if value.scan("${").size > 1
    if value.start_with?("${")
      singleton_class.class_eval("def expand(tag, time, record, tag_parts)\n#{value[2..-2]}\nend")
    else
      define_singleton_method(:expand) { |*| value }
    end
    eval(setup) if setup
  end
end

class RecordModifier
  def initialize(settings)
    @settings = settings
    setup = literal(settings["prepare_value"])
    @values = (settings["records"] || []).flat_map(&:to_a).map { |key, value| [key, Expander.new(literal(value), setup)] }
  end

  def filter(tag, record)
    @values.each { |key, value| record[key] = value.expand(tag, 0, record, nil) }
    (@settings["remove_keys"] || "").split(",").each { |key| record.delete(key) }
    @settings["char_encoding"] ? encode(record) : record
  end

  def encode(value)
    case value
    when String then value.encode("utf-8", "utf-8", invalid: :replace, undef: :replace)
    when Hash then value.transform_values { |v| encode(v) }
    when Array then value.map { |v| encode(v) }
    else value
    end
  end
end

class Parser
  def initialize(settings)
    @settings = settings
    @patterns = settings["parse"]["patterns"]
  end

  def filter(_tag, record)
    line = record[@settings["key_name"]]
    found = line && parse(line)
    record.delete(@settings["key_name"]) if found && @settings["remove_key_name_field"]
    record.merge(@settings["hash_value_field"] => found || {})
  end

  def parse(line)
    @patterns.each do |pattern|
      fields = one(pattern, line)
      fields.delete(pattern["time_key"] || "time") if fields
      return fields if fields
    rescue JSON::ParserError
      next
    end
    nil
  end

  def one(pattern, line)
    case pattern["format"]
    when "none" then { "message" => line }
    # As Oj does: NaN is a number, and nothing is too deep.
    when "json" then JSON.parse(line, allow_nan: true, max_nesting: 0).then { |value| value if value.is_a?(Hash) }
    when "regexp"
      source, flags = literal(pattern["expression"]).match(%r{\A/(.*)/(m?)\z}m).captures
      match = Regexp.new(source, flags == "m" ? Regexp::MULTILINE : 0).match(line) or return
      types = (pattern["types"] || "").split(",").to_h { |type| type.split(":") }
      match.named_captures.to_h { |key, value| [key, types[key] == "integer" ? value.to_i : value] }
    end
  end
end

class GenID
  def initialize(settings)
    @settings = settings
  end

  def filter(tag, record)
    seed = ([tag] + @settings["record_keys"].split(",").map { |key| record[key] }).join("_")
    record.merge(@settings["hash_id_key"] => Base64.strict_encode64(Digest(@settings["hash_type"].upcase).digest(seed)))
  end
end

class Dedot
  def initialize(settings)
    @separator = settings["de_dot_separator"]
  end

  def filter(_tag, record) = dedot(record)

  def dedot(value)
    case value
    when Hash then value.to_h { |k, v| [k.gsub(".", @separator), dedot(v)] }
    when Array then value.map { |v| dedot(v) }
    else value
    end
  end
end

class Grep
  def initialize(settings)
    @excludes = settings["exclude"]
  end

  def filter(_tag, record)
    record unless @excludes.any? { |e| record[e["key"]].to_s.match?(Regexp.new(e["pattern"][1..-2])) }
  end
end

KINDS = {
  "record_modifier" => RecordModifier, "parser" => Parser, "elasticsearch_genid" => GenID, "dedot" => Dedot, "grep" => Grep
}.freeze

def results(flow)
  filters = flow["filters"].map { |filter| KINDS.fetch(filter.keys[0]).new(filter.values[0]) }
  flow["events"].map { |event| result(filters, event) }
end

TAG = "kubernetes.var.log.containers.web_shop_app-#{"0a1b" * 16}.log".freeze

def result(filters, event)
  result = {}
  filters.each do |filter|
    event = filter.filter(TAG, event)
    break unless event
  rescue StandardError => e
    # Fluentd goes on with the event after the error flow has got it.
    result["error"] = e.message
    result["failed"] = event.dup
  end
  result.merge("event" => event)
end

puts JSON.generate(JSON.parse($stdin.read).map { |flow| results(flow) })
