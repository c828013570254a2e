puts "before"
def broken = raise(ArgumentError, "why")

broken
