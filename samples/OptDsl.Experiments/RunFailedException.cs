namespace OptDsl.Experiments;

/// <summary>Arguments and input were fine, but the run did not end well, such as when training diverges.</summary>
internal sealed class RunFailedException(string message, Exception? inner = null) : Exception(message, inner);
