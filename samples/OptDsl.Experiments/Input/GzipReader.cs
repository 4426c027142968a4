using System.Buffers.Binary;
using System.IO.Compression;

namespace OptDsl.Experiments;

/// <summary>
/// Reads gzip data (RFC 1952), one member or several, and throws where they are cut short or damaged. The platform's
/// GZipStream ends quietly at a cut.
/// </summary>
internal sealed class GzipReader : ReadOnceStream
{
    private const int TrailerLength = 8;

    private readonly Feed feed;
    private DeflateStream? member;
    private Crc32 checksum;
    private uint length;
    private bool ended;

    internal GzipReader(Stream source) => feed = new Feed(source);

    /// <exception cref="InvalidDataException">The data are truncated or damaged.</exception>
    public override int Read(Span<byte> buffer)
    {
        while (!ended && buffer.Length > 0)
        {
            member ??= Begin();
            int got = member.Read(buffer);
            if (got > 0)
            {
                checksum.Add(buffer[..got]);
                length = unchecked(length + (uint)got);
                return got;
            }

            End();
        }

        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            member?.Dispose();
            feed.Dispose();
        }

        base.Dispose(disposing);
    }

    private DeflateStream Begin()
    {
        Span<byte> header = stackalloc byte[10];
        feed.ReadExactly(header);
        if (header[0] != 0x1f || header[1] != 0x8b || header[2] != 8)
        {
            throw new InvalidDataException("The gzip header is damaged.");
        }

        int flags = header[3];
        if ((flags & 4) != 0)
        {
            Span<byte> extra = stackalloc byte[2];
            feed.ReadExactly(extra);
            Skip(BinaryPrimitives.ReadUInt16LittleEndian(extra));
        }

        for (int texts = ((flags >> 3) & 1) + ((flags >> 4) & 1); texts > 0; texts--)
        {
            while (Next() != 0)
            {
            }
        }

        Skip(flags & 2);
        checksum = default;
        length = 0;
        return new DeflateStream(feed, CompressionMode.Decompress, leaveOpen: true);
    }

    /// <summary>
    /// Finds the trailer. The decompressor has read past it without saying how far, but what it must be is known: eight
    /// bytes that agree by chance are not to be feared.
    /// </summary>
    private void End()
    {
        member!.Dispose();
        member = null;
        Span<byte> trailer = stackalloc byte[TrailerLength];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, checksum.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[4..], length);
        if (!feed.ReturnAfter(trailer))
        {
            throw new InvalidDataException("The gzip data end early or are damaged.");
        }

        int first;
        do
        {
            // Members may be padded with zeros.
            first = feed.ReadByte();
        }
        while (first == 0);
        ended = first < 0;
        if (!ended)
        {
            feed.Return((byte)first);
        }
    }

    private void Skip(int count)
    {
        for (; count > 0; count--)
        {
            Next();
        }
    }

    private int Next() => feed.ReadByte() is int value and >= 0 ? value : throw new InvalidDataException("The gzip header ends early.");

    /// <summary>The source in pieces, of which the last ones can be given back.</summary>
    private sealed class Feed(Stream source) : ReadOnceStream
    {
        private const int Piece = 4096;

        private byte[] returned = [], earlier = [], last = [];

        public override int Read(Span<byte> buffer)
        {
            buffer = buffer[..Math.Min(buffer.Length, Piece)];
            int got;
            if (returned.Length > 0)
            {
                got = Math.Min(buffer.Length, returned.Length);
                returned.AsSpan(0, got).CopyTo(buffer);
                returned = returned[got..];
            }
            else
            {
                got = source.Read(buffer);
            }

            if (got > 0)
            {
                earlier = last;
                last = buffer[..got].ToArray();
            }

            return got;
        }

        /// <summary>Gives back what was read after these bytes, if they were among the last ones.</summary>
        internal bool ReturnAfter(ReadOnlySpan<byte> wanted)
        {
            byte[] next = new byte[wanted.Length];
            byte[] before = [.. earlier, .. last];
            int got = this.ReadAtLeast(next, next.Length, throwOnEndOfStream: false);
            byte[] window = [.. before, .. next.AsSpan(0, got)];
            int at = window.AsSpan().IndexOf(wanted);
            if (at < 0)
            {
                return false;
            }

            returned = [.. window.AsSpan(at + wanted.Length), .. returned];
            earlier = last = [];
            return true;
        }

        internal void Return(byte value) => returned = [value, .. returned];
    }
}
