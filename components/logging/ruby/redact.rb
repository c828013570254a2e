# Replaces fields and patterns everywhere but in the event's own fields.
# Values: @own, the event's own fields; @fields, names; @patterns, regular expressions; @redacted, the replacement.

@names = @fields.map { |field| field.downcase.tr(".", "_") }
@expressions = @patterns.map { |pattern| Regexp.new(pattern) }

@secret = lambda do |key|
  key = key.downcase
  @names.include?(key.tr(".", "_")) || @names.include?(key.rpartition(".").last)
end

@clean = lambda do |value|
  case value
  when Hash then value.to_h { |key, element| [key, @secret.call(key) ? @redacted : @clean.call(element)] }
  when Array then value.map(&@clean)
  when String then @expressions.inject(value) { |text, expression| text.gsub(expression, @redacted) }
  else value
  end
end

@each = lambda do |record, _tag|
  record.merge!(@clean.call(record.reject { |key, _| @own.include?(key) }))
end
