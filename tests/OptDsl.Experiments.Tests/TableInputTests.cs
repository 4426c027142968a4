using System.Text;
using OptDsl.Testing;

namespace OptDsl.Experiments.Tests;

/// <summary>What the text of a table is read as, or with which words it is refused.</summary>
public class TableInputTests
{
    /// <summary>Each bug: a column taken for another, a line lost, two names made one, a name that cannot be found again.</summary>
    [Theory]
    [InlineData("0,0,1\n0,1,2\n1,0,3\n", "0 1", "0 1", "1 2 3 -")]
    [InlineData("1,1,1\n1,2,2\n2,1,3\n", "1 2", "1 2", "1 2 3 -")]
    [InlineData("2,1,1\r\n1,2,2\r\n", "1 2", "1 2", "- 2 1 -")]
    [InlineData("2,1,1\r1,2,2", "1 2", "1 2", "- 2 1 -")]
    [InlineData("\n  \nrow,column,value\n\n1,1,1\n1,2,2\n", "1", "1 2", "1 2")]
    [InlineData("rating,Movie ID,user_id\n1,1,2\n3,2,1\n", "1 2", "1 2", "- 3 1 -")]
    [InlineData("TIMESTAMP,USER-ID,ITEM,SCORE\n2014-05-01,1,1,7\n2014-05-02,1,2,8\n", "1", "1 2", "7 8")]
    [InlineData(",user,item,rating\n17,1,1,7\n18,1,2,8\n", "1", "1 2", "7 8")]
    [InlineData("Unnamed: 0.1,Unnamed: 0,i,j,x\n5,17,1,1,7\n6,18,1,2,8\n", "1", "1 2", "7 8")]
    [InlineData("\"\",\"user\",\"item\",\"rating\"\n\"1\",\"u1\",\"i1\",7\n", "u1*", "i1*", "7")]
    [InlineData("1;1;1.5\n1;2;-2\n", "1", "1 2", "1.5 -2")]
    [InlineData("sep=;\n1;1;1.5\n1;2;2\n", "1", "1 2", "1.5 2")]
    [InlineData("1|1|1\n1|2|2\n", "1", "1 2", "1 2")]
    [InlineData("  1   1 1e0\n  1   2 +2.0 \n", "1", "1 2", "1 2")]
    [InlineData("a b\tc\t1\na b\td\t2\n", "a b*", "c* d*", "1 2")]
    [InlineData("1::1::1\n1::2::2\n", "1", "1 2", "1 2")]
    [InlineData("7::40::2::978300760\n7::50::3::978300761\n", "7*", "40* 50*", "2 3")]
    [InlineData("A1,0007,4.0,1019865600000\nA1,0030,5.0,1019865600\n", "A1*", "0007* 0030*", "4 5")]
    [InlineData("1 1 5 881250949\n1 2 6 881250949\n", "1", "1 2", "5 6")]
    [InlineData("\"Doe, Jane\",\"say \"\"hi\"\"\",1\n\"Doe, Jane\",b,2\n", "Doe, Jane*", "b* say \"hi\"*", "2 1")]
    [InlineData(" alice , \"x\" , 1\nbob,x,2\n", "alice* bob*", "x*", "1 2")]
    [InlineData("Zo\u00eb,1,1\nzo\u00eb,1,2\n", "Zo\u00eb* zo\u00eb*", "1", "1 2")]
    [InlineData("1000000000017,1,1\n1000000000000,1,2\n", "1000000000000* 1000000000017*", "1", "2 1")]
    [InlineData("170141183460469231731687303715884105727,1,1\n9,1,2\n", "9* 170141183460469231731687303715884105727*", "1", "2 1")]
    [InlineData("999999999999999999999999999999999999999999,1,1\n9,1,2\n", "9* 999999999999999999999999999999999999999999*", "1", "2 1")]
    [InlineData("10,1,1\n9,1,2\n2,1,3\n", "2* 9* 10*", "1", "3 2 1")]
    [InlineData("b,1,1\nc,1,2\na,1,3\n", "a* b* c*", "1", "3 1 2")]
    [InlineData("b10,1,1\nb9,1,2\n", "b10* b9*", "1", "1 2")]
    [InlineData("1e5,1,1\n5e1,1,2\n", "1e5* 5e1*", "1", "1 2")]
    [InlineData("01,1,1\n02,1,2\n", "1 2", "1", "1 2")]
    [InlineData("1,1,1\n3,1,2\n", "1* 3*", "1", "1 2")]
    [InlineData("1,0,1\n1,1,2\n", "1*", "0 1", "1 2")]
    [InlineData("0,1,1\n1,1,2\n", "0 1", "1*", "1 2")]
    [InlineData("0,5,1\n1,5,2\n", "0 1", "5*", "1 2")]
    [InlineData("1,1,1e15\n1,2,-1e-15\n1,3,0\n", "1", "1 2 3", "1E+15 -1E-15 0")]
    [InlineData("1,1,0e5\n1,2,0.000\n1,3,7\n", "1", "1 2 3", "0 0 7")]
    public void Read(string content, string rows, string columns, string values)
    {
        foreach (byte[] bytes in Encodings(content))
        {
            using var stream = new MemoryStream(bytes);
            CellMatrix matrix = InputFile.Read(stream, "data", CancellationToken.None);
            Assert.Equal(rows, Names(matrix.RowIdentities!));
            Assert.Equal(columns, Names(matrix.ColumnIdentities!));
            string[] cells = [.. Enumerable.Repeat("-", matrix.Rows * matrix.Columns)];
            for (int i = 0; i < matrix.Count; i++)
            {
                cells[(matrix.RowOf(i) * matrix.Columns) + matrix.ColumnOf(i)] = FormattableString.Invariant($"{matrix.Values[i]}");
            }

            Assert.Equal(values, string.Join(' ', cells));
        }
    }

    /// <summary>Each bug: a number read as another one, a first line dropped, words that do not say where and what.</summary>
    [Theory]
    [InlineData("1,1,2\n1,2,1e-999\n", "line 2: the value '1e-999' has a size outside 1e-15 to 1e15")]
    [InlineData("1,1,2\n1,2,-0.5E-400\n", "line 2: the value '-0.5E-400' has a size outside")]
    [InlineData("", "is empty")]
    [InlineData("\n\r\n  \n", "holds no rows")]
    [InlineData("row,column,value\n", "holds no rows")]
    [InlineData("user,item,genre\n1,1,2\n", "line 1: is read as a header, in which the name 'genre' is not known. Understood: 'user' is the row, 'item' is the column.")]
    [InlineData("user,item,rating,\n1,1,2,\n", "line 1: is read as a header, in which the name '' is not known")]
    [InlineData("user,movie,item,rating\n1,2,3,4\n", "line 1: 'movie' and 'item' both name the column")]
    [InlineData("user,item,timestamp\n1,2,3\n", "line 1: the header names no value. Understood: 'user' is the row, 'item' is the column, 'timestamp' is the time.")]
    [InlineData("foo,bar,baz\n1,1,2\n", "line 1: its third field, 'baz', is not a number, and no field is a known name")]
    [InlineData(",0,1,2\n0,1,2,3\n", "line 1: its first field is empty, and no field is a known name")]
    [InlineData("My ratings\nuser,item,rating\n1,2,3\n", "line 1: has 1 field, whichever separator is tried")]
    [InlineData("sep=\u0001\n1,1,1\n", "line 1: has 1 field")]
    [InlineData("1,1\n", "line 1: has 2 fields, whichever separator is tried")]
    [InlineData("1,1,2,3,4\n", "line 1: has 5 fields, and no field is a known name")]
    [InlineData("1,1,\n", "line 1: its third field, the value, is empty")]
    [InlineData("1,1,2\nuser,item,rating\n", "line 2: the value 'rating' is not a number")]
    [InlineData("1,1,2\n1,2,\n", "line 2: the value is empty; leave the line out")]
    [InlineData("row,column,value\r\n1,1,2\r\n1,2,x\r\n", "line 3: the value 'x' is not a number")]
    [InlineData("0,0,4,39\n0,1,3,5\n", "line 1: the fourth field '39' is not a Unix time")]
    [InlineData("row,column,value\n0,0,4,39\n", "line 2: has 4 fields, the header 3; a decimal comma is not read, write a point")]
    [InlineData("0,0,4\n0,1,4,39\n", "line 2: has 4 fields, the first line 3; a decimal comma is not read, write a point")]
    [InlineData("0;0;4,39\n", "line 1: the value '4,39' has a decimal comma")]
    [InlineData("user;item;rating\n0;0;1\n0;1;4,39\n", "line 3: the value '4,39' has a decimal comma")]
    [InlineData("i\tj\tx\n1\t1\t1,234.5\n", "line 2: the value '1,234.5' is not a number")]
    [InlineData("1,5;1;2\n", "line 1: the row '1,5' is not a whole number")]
    [InlineData("0\t1\t2\t3.5\n", "line 1: the fourth field '3.5' is not a Unix time")]
    [InlineData("1,1,4,1019865600\n1,2,4,39\n", "line 2: the fourth field '39' is not a Unix time")]
    [InlineData("1,1,2,\n", "line 1: the fourth field '' is not a Unix time")]
    [InlineData("1,1,1019865600,5\n1,2,1019865600,4\n", "line 1: the fourth field '5' is not a Unix time")]
    [InlineData("7\t40\t2\t881250949\n7\t40\t3\t881250950\n", "line 2: row 7, column 40 was given before, in line 1")]
    [InlineData("alice,x,2\nbob,y,3\nalice,x,2\n", "line 3: row alice, column x was given before, in line 1")]
    [InlineData("1,1,NaN\n", "line 1: the value 'NaN' is not finite")]
    [InlineData("1,1,2\n\n2,1,-Infinity\n", "line 3: the value '-Infinity' is not finite")]
    [InlineData("1,1,1e30\n", "line 1: the value '1e30' has a size outside 1e-15 to 1e15; use another unit")]
    [InlineData("1,1,-2e15\n", "line 1: the value '-2e15' has a size outside 1e-15 to 1e15")]
    [InlineData("1,1,1e-40\n", "line 1: the value '1e-40' has a size outside 1e-15 to 1e15")]
    [InlineData("1.5,1,3\n", "line 1: the row '1.5' is not a whole number")]
    [InlineData("1.0,2.0,3\n", "line 1: the row '1.0' is not a whole number")]
    [InlineData("user,item,rating\n1,nan,3\n", "line 2: the column 'nan' is not a whole number")]
    [InlineData("1,-1,2\n", "line 1: the column -1 is negative")]
    [InlineData("1,1,2\n,1,3\n", "line 2: the row is empty")]
    [InlineData("1,1,2\n01,2,3\n", "writes one row in two ways, '1' and '01'")]
    [InlineData("1,a\u0001b,2\n", "line 1: the column 'a?b' has a control character")]
    [InlineData("1,1,2\n1,5\" disk,3\n", "line 2: cannot be cut into fields (a quote inside an unquoted field)")]
    [InlineData("1,1,2\n1,\"abc,3\n2,3,4\n", "line 2: cannot be cut into fields (a line break inside a quoted field)")]
    [InlineData("1,1,2\n1,\"a\"b,3\n", "line 2: cannot be cut into fields (text after the closing quote of a quoted field)")]
    [InlineData("[{\"user\":1}]", "is JSON; save the table as CSV")]
    [InlineData("%%MatrixMarket matrix coordinate real general\n3 3 1\n", "is a Matrix Market file")]
    [InlineData("1,1,2\n", "leaves 1 to train on and 0 to measure on")]
    public void Refused(string content, string expected)
    {
        using var sandbox = new Sandbox();
        MalformedInputTests.Refused(sandbox, sandbox.Write("data.csv", content), expected);
        MalformedInputTests.Refused(sandbox,
            sandbox.Write("data.csv.gz", MalformedInputTests.Compress(Encoding.UTF8.GetBytes(content))), expected);
    }

    [Theory]
    [InlineData(new byte[] { (byte)'P', (byte)'K', 3, 4, 20 }, "is a ZIP archive, as Excel workbooks")]
    [InlineData(new byte[] { (byte)'P', (byte)'A', (byte)'R', (byte)'1', 21 }, "is a Parquet file")]
    [InlineData(new byte[] { 0xff, 0xfe, 0, 0, (byte)'1', 0, 0, 0 }, "is UTF-32 text; save it as UTF-8")]
    [InlineData(new byte[] { 0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y' }, "is a NumPy array")]
    [InlineData(new byte[] { (byte)'1', 0xff, (byte)',', (byte)'1', (byte)',', (byte)'1' }, "line 1: is not UTF-8 text")]
    [InlineData(new byte[] { (byte)'a', 0xe9, (byte)',', (byte)'b', (byte)',', (byte)'1', (byte)'\n' }, "line 1: is not UTF-8 text")]
    [InlineData(new byte[] { 0xff, 0xfe, (byte)'a', 0, 0, 0xd8, (byte)',', 0, (byte)'b', 0, (byte)',', 0, (byte)'1', 0 },
        "line 1: is not UTF-8 text")]
    public void Bytes_that_are_no_table(byte[] content, string expected)
    {
        using var sandbox = new Sandbox();
        MalformedInputTests.Refused(sandbox, sandbox.Write("data.csv", content), expected);
    }

    [Fact]
    public void Lines_and_names_without_end()
    {
        using var sandbox = new Sandbox();
        MalformedInputTests.Refused(sandbox, sandbox.Write("data.csv", "1,1,2\n" + new string('1', 500_000) + ",1,2\n"),
            "line 2: is longer than 65536 bytes");
        MalformedInputTests.Refused(sandbox, sandbox.Write("data.csv", "1,1,2\n" + new string('x', 201) + ",1,2\n"),
            "line 2: the name of the row has 201 characters, past the limit of 200");
    }

    [Theory]
    [InlineData("2,1,9\n1,2,3\n2,2,1\n1,2,3\n2,1,8\n1,2,3\n", "line 4: row 1, column 2 was given before, in line 2")]
    [InlineData("a,x,9\nb,y,3\na,y,1\nb,y,3\n", "line 4: row b, column y was given before, in line 2")]
    public void The_first_repeated_cell_is_named(string content, string expected)
    {
        using var sandbox = new Sandbox();
        MalformedInputTests.Refused(sandbox, sandbox.Write("data.csv", content), expected);
    }

    /// <summary>The same text as people's programs write it.</summary>
    private static IEnumerable<byte[]> Encodings(string content)
    {
        byte[] plain = Encoding.UTF8.GetBytes(content);
        yield return plain;
        yield return [.. Encoding.UTF8.Preamble, .. plain];
        yield return MalformedInputTests.Compress(plain);
        yield return [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(content)];
        yield return [.. Encoding.BigEndianUnicode.Preamble, .. Encoding.BigEndianUnicode.GetBytes(content)];
        yield return MalformedInputTests.Compress([.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(content)]);
    }

    /// <summary>The names in the matrix's order, each with a star where only the index gives it.</summary>
    private static string Names(Identities identities)
        => string.Join(' ', Enumerable.Range(0, identities.Count).Select(i => identities.At(i) + (identities.NeedIndex ? "*" : "")));
}
