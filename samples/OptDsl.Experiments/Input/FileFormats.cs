using System.Text;

namespace OptDsl.Experiments;

/// <summary>What the first bytes of a file say about it.</summary>
internal static class FileFormats
{
    private static readonly (byte[] Start, string What)[] Others =
    [
        ([0xff, 0xfe, 0, 0], "UTF-32 text; save it as UTF-8"),
        ([0, 0, 0xfe, 0xff], "UTF-32 text; save it as UTF-8"),
        ([.. "PK\x03\x04"u8], "a ZIP archive, as Excel workbooks and .npz files are; unpack it, or save the sheet as CSV"),
        ([0xd0, 0xcf, 0x11, 0xe0], "an Excel workbook (.xls); save the sheet as CSV"),
        ([.. "PAR1"u8], "a Parquet file; save the table as CSV"),
        ([.. "ARROW1"u8], "an Arrow file; save the table as CSV"),
        ([.. "FEA1"u8], "a Feather file; save the table as CSV"),
        ([0x93, .. "NUMPY"u8], "a NumPy array; write one line row,column,value per known cell"),
        ([0x89, .. "HDF"u8], "an HDF5 file; save the table as CSV"),
        ([.. "SQLite format 3"u8], "an SQLite database; export the table as CSV"),
        ([.. "BZh"u8], "bzip2 data; unpack them, or compress the file with gzip"),
        ([0xfd, .. "7zXZ"u8], "xz data; unpack them, or compress the file with gzip"),
        ([0x28, 0xb5, 0x2f, 0xfd], "Zstandard data; unpack them, or compress the file with gzip"),
        ([.. "7z"u8, 0xbc, 0xaf], "a 7-Zip archive; unpack it"),
        ([.. "X\n\0\0"u8], "an R data file; save the table as CSV"),
        ([.. "RDX"u8], "an R data file; save the table as CSV"),
        ([0x80, 4, 0x95], "a Python pickle; save the table as CSV"),
        ([0x80, 5, 0x95], "a Python pickle; save the table as CSV"),
        ([.. "%PDF"u8], "a PDF file; save the table as CSV"),
        ([0x89, .. "PNG"u8], "a PNG image; give IDX images"),
        ([0xff, 0xd8, 0xff], "a JPEG image; give IDX images"),
        ([.. "%%MatrixMarket"u8],
            "a Matrix Market file; remove the lines that begin with % and the line of sizes after them"),
        ([.. "{"u8], "JSON; save the table as CSV"),
        ([.. "["u8], "JSON; save the table as CSV"),
        ([.. "<"u8], "HTML or XML; save the table as CSV"),
    ];

    /// <exception cref="InputException">The file is of a known format that is not read.</exception>
    internal static void RefuseOthers(ReadOnlySpan<byte> start, string name)
    {
        foreach ((byte[] bytes, string what) in Others)
        {
            if (start.StartsWith(bytes))
            {
                throw new InputException($"{name}: is {what}.");
            }
        }
    }

    /// <summary>UTF-16, by its byte order mark or by the zero byte in each of the first characters; null for anything else.</summary>
    internal static Encoding? Utf16Of(ReadOnlySpan<byte> start) => start switch
    {
        [0xff, 0xfe, ..] or [not 0, 0, not 0, 0, ..] => Encoding.Unicode,
        [0xfe, 0xff, ..] or [0, not 0, 0, not 0, ..] => Encoding.BigEndianUnicode,
        _ => null,
    };
}
