using System.Buffers.Binary;

namespace OptDsl.Experiments;

/// <summary>Reads IDX files of unsigned bytes (LeCun's MNIST format): every first-dimension slice becomes a row, over 255.</summary>
internal static class IdxReader
{
    private const int UnsignedByte = 8;

    internal static CellMatrix Read(Stream stream, string name)
    {
        Span<byte> magic = stackalloc byte[4];
        int got = stream.ReadAtLeast(magic, 4, throwOnEndOfStream: false);
        if (got < 4 || magic[0] != 0 || magic[1] != 0)
        {
            throw new InputException(
                $"{name}: does not begin with an IDX magic number (00 00 08 03 for images) but with {Convert.ToHexString(magic[..got])}; give IDX images or a text file of rows row,column,value.");
        }

        if (magic[2] != UnsignedByte)
        {
            throw new InputException($"{name}: holds IDX elements of type 0x{magic[2]:X2}; only unsigned bytes (0x08) are read.");
        }

        int dimensions = magic[3];
        if (dimensions is < 2 or > 4)
        {
            throw new InputException(
                $"{name}: has {dimensions} IDX dimensions; images have 3 (count, height, width). Give the images file, not the labels.");
        }

        long rows = ReadSide(stream, name, 1, dimensions), columns = 1;
        Span<long> sides = stackalloc long[dimensions];
        for (int i = 1; i < dimensions; i++)
        {
            sides[i] = ReadSide(stream, name, i + 1, dimensions);
            columns *= sides[i];
            CellMatrix.CheckSize(name, rows, columns, "give fewer or smaller images");
        }

        return ReadPixels(stream, name, (int)rows, (int)columns) with
        {
            Image = dimensions == 3 ? ((int)sides[1], (int)sides[2]) : null,
        };
    }

    /// <summary>Reads a file of one dimension: one byte an image.</summary>
    internal static byte[] ReadLabels(Stream stream, string name)
    {
        Span<byte> magic = stackalloc byte[4];
        int got = stream.ReadAtLeast(magic, 4, throwOnEndOfStream: false);
        if (got < 4 || !magic.SequenceEqual<byte>([0, 0, UnsignedByte, 1]))
        {
            throw new InputException(
                $"{name}: does not begin with the magic number of IDX labels, 00 00 08 01, but with {Convert.ToHexString(magic[..got])}; give the labels file, not the images.");
        }

        long count = ReadSide(stream, name, 1, 1);
        var labels = new List<byte>();
        byte[] piece = new byte[1 << 16];
        for (int read; (read = stream.Read(piece)) > 0 && labels.Count <= count;)
        {
            labels.AddRange(piece.AsSpan(0, read));
        }

        return labels.Count == count
            ? [.. labels]
            : throw new InputException(
                $"{name}: holds {(labels.Count > count ? "more than" : $"{labels.Count} of")} the {count} labels its header announces; copy the file again.");
    }

    private static long ReadSide(Stream stream, string name, int dimension, int dimensions)
    {
        Span<byte> bytes = stackalloc byte[4];
        if (stream.ReadAtLeast(bytes, 4, throwOnEndOfStream: false) < 4)
        {
            throw new InputException($"{name}: ends inside the IDX header, at dimension {dimension} of {dimensions}; copy the file again.");
        }

        uint side = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        return side > 0 ? side
            : throw new InputException($"{name}: IDX dimension {dimension} of {dimensions} is 0; the file holds no images.");
    }

    private static CellMatrix ReadPixels(Stream stream, string name, int rows, int columns)
    {
        // Piece by piece: a header may promise far more than the file holds.
        byte[] piece = new byte[Math.Min(1 << 16, rows * columns)];
        var values = new List<float>(piece.Length);
        while (values.Count < rows * columns)
        {
            int wanted = Math.Min(piece.Length, (rows * columns) - values.Count);
            int got = stream.ReadAtLeast(piece.AsSpan(0, wanted), wanted, throwOnEndOfStream: false);
            if (got < wanted)
            {
                throw new InputException(
                    $"{name}: ends after {values.Count + got} of {rows * columns} bytes of pixels ({rows} x {columns}); copy the file again.");
            }

            foreach (byte pixel in piece.AsSpan(0, got))
            {
                values.Add(pixel / 255f);
            }
        }

        if (stream.ReadByte() >= 0)
        {
            throw new InputException(
                $"{name}: goes on after the {rows * columns} bytes of pixels its header announces ({rows} x {columns}); the header or the file is wrong.");
        }

        return new CellMatrix(name, rows, columns, [.. values]);
    }
}
