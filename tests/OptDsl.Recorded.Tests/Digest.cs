using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace OptDsl.Recorded.Tests;

/// <summary>The SHA-256 of numbers, by their bits in little-endian order.</summary>
internal sealed class Digest
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Adds numbers of 4 or 8 bytes. They must be finite: the bits of a NaN are nobody's promise.</summary>
    internal Digest Add<T>(ReadOnlySpan<T> values)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        Span<byte> bytes = stackalloc byte[8];
        foreach (T value in values)
        {
            Assert.True(T.IsFinite(value), $"A recorded number is {value}.");
            if (Unsafe.SizeOf<T>() == 4)
            {
                BinaryPrimitives.WriteSingleLittleEndian(bytes, float.CreateTruncating(value));
                hash.AppendData(bytes[..4]);
            }
            else
            {
                BinaryPrimitives.WriteDoubleLittleEndian(bytes, double.CreateTruncating(value));
                hash.AppendData(bytes);
            }
        }

        return this;
    }

    public override string ToString() => Convert.ToHexStringLower(hash.GetCurrentHash());
}
