using OptDsl.Checkpoints;

namespace OptDsl.Runtime.Tests.Checkpoints;

/// <summary>Sees every byte of a save once it is in the file, and every step after the last.</summary>
internal sealed class SaveWatch(Action<long> afterByte, Action<SaveStep> afterStep) : ISaveWatch
{
    Stream ISaveWatch.Over(Stream file) => new ByteStream(file, afterByte);

    void ISaveWatch.Reached(SaveStep step) => afterStep(step);

    /// <summary>Writes one byte at a time.</summary>
    private sealed class ByteStream(Stream file, Action<long> afterByte) : Stream
    {
        private long written;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush() => file.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            for (int i = 0; i < buffer.Length; i++)
            {
                file.Write(buffer.Slice(i, 1));
                afterByte(++written);
            }
        }
    }
}
