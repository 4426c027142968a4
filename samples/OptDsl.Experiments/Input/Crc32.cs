namespace OptDsl.Experiments;

/// <summary>The checksum of gzip and PNG (ISO 3309), over any number of pieces.</summary>
internal struct Crc32
{
    private static readonly uint[] Table = CreateTable();

    // Kept complemented, so that a new checksum is that of nothing.
    private uint complement;

    internal readonly uint Value => complement;

    internal void Add(ReadOnlySpan<byte> data)
    {
        uint crc = ~complement;
        foreach (byte value in data)
        {
            crc = (crc >> 8) ^ Table[(byte)crc ^ value];
        }

        complement = ~crc;
    }

    private static uint[] CreateTable()
    {
        uint[] table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint crc = i;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
            }

            table[i] = crc;
        }

        return table;
    }
}
