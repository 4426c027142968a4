using System.Security.Cryptography;

namespace OptDsl.Experiments;

/// <summary>A stream to read once, which knows the SHA-256 of what was read, as <c>sha256sum</c> prints it.</summary>
internal sealed class HashingStream(Stream inner) : ReadOnceStream
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public override int Read(Span<byte> buffer)
    {
        int count = inner.Read(buffer);
        hash.AppendData(buffer[..count]);
        return count;
    }

    /// <summary>Reads what is left and returns the hash of everything.</summary>
    internal string ReadToEnd()
    {
        CopyTo(Null);
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    protected override void Dispose(bool disposing)
    {
        hash.Dispose();
        base.Dispose(disposing);
    }
}
