# Makes the fields that a parser found fields of the event, in place of the line. A line that is too deep stays as it is.
# Values: @own, the event's own fields; @parsed, the field that holds what was found; @deepest, the levels that are allowed.

# Whether a value has no more than @deepest levels. Text replaces NaN and Infinity in it, which JSON does not have: Fluentd's
# parser takes them, and makes one of 1e999 (gh:ohler55/oj ext/oj/parse.c). It does not call itself.
@tame = lambda do |root|
  todo = [[root, 1]]
  until todo.empty?
    at, depth = todo.pop
    return false if depth > @deepest
    (at.is_a?(Hash) ? at.keys : at.each_index).each do |key|
      case value = at[key]
      when Hash, Array then todo << [value, depth + 1]
      when Float then at[key] = value.to_s unless value.finite?
      end
    end
  end
  true
end

# Names are compared as they will be without dots, and keep their dots for redaction.
@each = lambda do |record, _tag|
  found = record.delete(@parsed) || {}
  next unless @tame.call(found)
  record.delete("message")
  found.each do |key, value|
    name = key.tr(".", "_")
    record[@own.include?(name) ? "app_" + name : key] = value
  end
end
