namespace OptDsl.Experiments;

/// <summary>A stream to read once, whose first bytes are known before it is read.</summary>
internal sealed class PeekedStream : ReadOnceStream
{
    private readonly Stream inner;
    private readonly byte[] start;
    private readonly int length;
    private int position;

    internal PeekedStream(Stream inner, int count)
    {
        this.inner = inner;
        start = new byte[count];
        length = inner.ReadAtLeast(start, count, throwOnEndOfStream: false);
    }

    internal ReadOnlySpan<byte> Peeked => start.AsSpan(0, length);

    public override int Read(Span<byte> buffer)
    {
        if (position == length)
        {
            return inner.Read(buffer);
        }

        int count = Math.Min(buffer.Length, length - position);
        start.AsSpan(position, count).CopyTo(buffer);
        position += count;
        return count;
    }
}
