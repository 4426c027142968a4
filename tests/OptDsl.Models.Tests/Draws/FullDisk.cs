using OptDsl.Checkpoints;

namespace OptDsl.Models.Tests.Draws;

/// <summary>A disk that is full after so many bytes.</summary>
internal sealed class FullDisk(long capacity) : ISaveWatch
{
    Stream ISaveWatch.Over(Stream file) => new Torn(file, capacity);

    void ISaveWatch.Reached(SaveStep step)
    {
    }

    private sealed class Torn(Stream file, long capacity) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => file.CanSeek;

        public override bool CanWrite => true;

        public override long Length => file.Length;

        public override long Position { get => file.Position; set => file.Position = value; }

        public override void Flush() => file.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => file.Seek(offset, origin);

        public override void SetLength(long value) => file.SetLength(value);

        public override void Write(byte[] buffer, int offset, int count)
        {
            int room = (int)Math.Clamp(capacity - file.Position, 0, count);
            file.Write(buffer, offset, room);
            if (room < count)
            {
                throw new IOException("The disk is full.");
            }
        }
    }
}
