# Tells what this Ruby is and has, and how much it read.
require "base64"
require "digest"
require "json"
require "securerandom"

input = $stdin.read
puts JSON.generate(
  version: RUBY_VERSION, encoding: input.encoding, characters: input.size, digest: Digest::SHA256.hexdigest(input),
  base64: Base64.strict_encode64(input[0, 3]), random: SecureRandom.hex(8).size,
  environment: ENV.keys, files: Dir[File.join(__dir__, "*")]
)
print input
