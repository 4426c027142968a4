namespace OptDsl.Experiments;

/// <summary>A stream to read once, whose first bytes are known before it is read.</summary>
internal sealed class PeekedStream : Stream
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

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

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

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
