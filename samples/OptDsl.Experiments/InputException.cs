namespace OptDsl.Experiments;

/// <summary>The user's arguments or files are at fault. The message is one line: where, what, and what to do.</summary>
internal sealed class InputException : Exception
{
    public InputException(string message)
        : base(message)
    {
    }

    public InputException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
