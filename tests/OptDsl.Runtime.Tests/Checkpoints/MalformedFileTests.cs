using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using OptDsl.Rules;
using Xunit;

namespace OptDsl.Runtime.Tests.Checkpoints;

/// <summary>What is wrong with a file is said, and nothing is changed.</summary>
public sealed class MalformedFileTests
{
    private static readonly byte[] Good = Saved();

    private static readonly int HeaderLength = (int)BinaryPrimitives.ReadUInt64LittleEndian(Good);

    /// <summary>What is done to the file, and what must be said of it.</summary>
    private static readonly Dictionary<string, (Func<byte[]> Change, string Says)> Cases = new()
    {
        ["nothing"] = (() => [], "is 0 bytes long"),
        ["seven bytes"] = (() => Good[..7], "is 7 bytes long"),
        ["no header"] = (() => Good[..8], $"says that its header takes {HeaderLength} bytes, but only 0 bytes follow"),
        ["half a header"] = (() => Good[..100], "but only 92 bytes follow"),
        ["header past the limit"] = (() => Lengthened(100_000_001), "takes 100000001 bytes, but a header has at most 100000000"),
        ["header past everything"] = (() => Lengthened(ulong.MaxValue), "says that its header takes 18446744073709551615 bytes"),
        ["header past the file"] = (() => Lengthened(99_999_999), "says that its header takes 99999999 bytes, but only"),
        ["empty header"] = (() => CheckpointBytes.Join([], []), "not the expected JSON"),
        ["no object"] = (() => Text(_ => "[]"), "the header is not the expected object"),
        ["two objects"] = (() => Text(text => text + "{}"), "not the expected JSON"),
        ["not UTF-8"] = (() => CheckpointBytes.Join([.. "{\""u8, 0xFF, .. "\":1}"u8], []), "not UTF-8"),
        ["lone surrogate"] = (() => Text(_ => "{\"\\ud800\":{}}"), "not the expected JSON"),
        ["deep nesting"] = (() => Text(_ => "{\"w\":" + new string('[', 10_000)),
            "array of tensor|not the expected object|not the expected JSON"),
        ["deep metadata"] = (() => Text(_ => "{\"__metadata__\":{\"a\":" + new string('[', 200)),
            "a value of the metadata is not the expected string"),
        ["unknown field"] = (() => Json(json => json["w"]!["more"] = 1), "has more about tensor 'w'"),
        ["no shape"] = (() => Json(json => json["w"]!.AsObject().Remove("shape")),
            "lacks dtype, shape or both data_offsets for tensor 'w'"),
        ["one offset"] = (() => Json(json => json["w"]!["data_offsets"] = new JsonArray(1)),
            "lacks dtype, shape or both data_offsets for tensor 'w'"),
        ["three offsets"] = (() => Json(json => json["w"]!["data_offsets"] = new JsonArray(1, 2, 3)), "more than 2 numbers"),
        ["negative offset"] = (() => Json(json => json["w"]!["data_offsets"] = new JsonArray(-1, 2)), "not an integer from 0"),
        ["fractional side"] = (() => Json(json => json["w"]!["shape"] = new JsonArray(1.5)), "not an integer from 0"),
        ["side past 64 bits"] = (() => Text(text => text.Replace("[3,4]", "[18446744073709551616,4]", StringComparison.Ordinal)),
            "not an integer from 0"),
        ["overflowed shape"] = (() => Text(text => text.Replace("[3,4]", "[4294967296,4294967296]", StringComparison.Ordinal)),
            "has the shape [4294967296, 4294967296], but here it has [3, 4]"),
        ["shape of many sides"] = (() =>
            Text(text => text.Replace("[3,4]", "[" + string.Join(",", Enumerable.Repeat(1, 65)) + "]", StringComparison.Ordinal)),
            "more than 64 numbers"),
        ["backward offsets"] = (() => Json(json => json["w"]!["data_offsets"] = new JsonArray(20, 10)),
            "places tensor 'w' at bytes 20 to 10"),
        ["offsets past the file"] = (() => Json(json => json["w"]!["data_offsets"] = new JsonArray(0, 1L << 40)),
            "places tensor 'w' at bytes 0 to 1099511627776 of its"),
        ["size that is not the shape's"] = (() => Move("w", 0, -4), "which take 48"),
        ["overlap"] = (() => Move("w", -4, -4), "within the previous tensor"),
        ["gap"] = (() =>
            CheckpointBytes.Join(CheckpointBytes.Split(Move("w", 4, 4)).Header, [.. CheckpointBytes.Split(Good).Data, 0, 0, 0, 0]),
            "belong to no tensor"),
        ["trailing bytes"] = (() => [.. Good, 0], "bytes of data, but its tensors take"),
        ["truncated data"] = (() => Good[..^1], $"of its {Good.Length - HeaderLength - 9} bytes of data"),
        ["other element"] = (() => Json(json => json["w"]!["dtype"] = "F64"), "is of type F64, but this optimizer has F32"),
        ["unknown element"] = (() => Json(json => json["w"]!["dtype"] = "COMPLEX"), "is of type COMPLEX"),
        ["endless element"] = (() => Json(json => json["w"]!["dtype"] = new string('F', 99)), "has an unknown element for tensor 'w'"),
        ["missing tensor"] = (() => Json(json => json.Remove("w")), "tensor 'w' is missing"),
        ["renamed tensor"] = (() => Text(text => text.Replace("\"w\"", "\"v\"", StringComparison.Ordinal)),
            "tensor 'w' is missing; the file has 'v'"),
        ["extra tensor"] = (() => Json(json => json["v"] = JsonNode.Parse("""{"dtype":"F32","shape":[0],"data_offsets":[0,0]}""")),
            "holds 'v', which this optimizer does not"),
        ["extra tensor of a long name"] = (() =>
            Json(json => json[new string('v', 5000)] = JsonNode.Parse("""{"dtype":"F32","shape":[0],"data_offsets":[0,0]}""")),
            "vvv...', which this optimizer does not"),
        ["tensor twice"] = (() => Text(text => text.Insert(text.LastIndexOf('}'), ",\"w\":" + JsonNode.Parse(text)!["w"]!.ToJsonString())),
            "tensor 'w' is in the header twice"),
        ["dtype twice"] = (() => Text(text => text.Replace("\"w\":{", "\"w\":{\"dtype\":\"F32\",", StringComparison.Ordinal)),
            "two elements for tensor 'w'"),
        ["metadata twice"] = (() => Text(text => text.Insert(text.LastIndexOf('}'), ",\"__metadata__\":{}")), "has its metadata twice"),
        ["no metadata"] = (() => Json(json => json.Remove("__metadata__")),
            "is a safetensors file that Save did not write; take over another program's file with Import"),
        ["another format"] = (() => Metadata("format", "pt"), "is a safetensors file that Save did not write"),
        ["a later version"] = (() => Metadata("version", "2"), "is a checkpoint of version '2', but this library reads version 1"),
        ["another rule"] = (() => Metadata("rule", "Adam"), "holds the rule 'Adam', and this optimizer has 'Everything'"),
        ["another arithmetic"] = (() => Metadata("arithmetic", "Fused"), "holds the arithmetic 'Fused', and this optimizer has 'Strict'"),
        ["another group"] = (() => Metadata("group/w", "b"), "holds tensor 'w' in group 'b', and this optimizer has 'a'"),
        ["renamed state"] = (() => Text(text => text.Replace("RowTotal", "RowSum", StringComparison.Ordinal)), "holds the states '[{"),
        ["no step"] = (() => Json(json => json["__metadata__"]!.AsObject().Remove("step")), "has no 'step' in its metadata"),
        ["negative step"] = (() => Metadata("step", "-1"), "has '-1' for 'step'"),
        ["step past an int"] = (() => Metadata("step", "2147483648"), "has '2147483648' for 'step'"),
        ["step that is no number"] = (() => Metadata("step", new string('1', 900)), "for 'step'"),
        ["endless value"] = (() => Metadata("step", new string('1', 100_000)), "has a value of 100000 bytes for 'step'"),
        ["value that is no number"] = (() => Metadata("rule/Beta", "nine"), "has 'nine' for 'rule/Beta'"),
        ["int that is none"] = (() => Metadata("rule/Period", "2.5"), "a rule whose Period is 2.5, but here it is 2"),
        ["condition that is none"] = (() => Metadata("rule/Flag", "2"), "a rule whose Flag is 2, but here it is 1"),
        ["unknown metadata"] = (() => Metadata("colour", "blue"), "has 'colour' in its metadata"),
        ["step twice"] = (() => Text(text => text.Replace("\"step\":", "\"step\":\"1\",\"step\":", StringComparison.Ordinal)),
            "has 'step' in its metadata, twice"),
        ["hash that is none"] = (() => Metadata("sha256/w", "abc"), "tensor 'w' has an invalid SHA-256, or two of them"),
        ["no hash of a tensor"] = (() => Json(json => json["__metadata__"]!.AsObject().Remove("sha256/w")), "tensor 'w' has no SHA-256"),
        ["no hash of the header"] = (() => Json(json => json["__metadata__"]!.AsObject().Remove("sha256")),
            "has a header whose SHA-256 is missing"),
        ["hash of the header twice"] = (() =>
            Text(text => text.Replace("\"format\":", "\"sha256\":\"\",\"format\":", StringComparison.Ordinal)),
            "has the SHA-256 of its header twice"),
        ["hash of the header too long"] = (() =>
            Text(text => text.Replace("\"sha256\":\"", "\"sha256\":\"" + new string('0', 9), StringComparison.Ordinal)),
            "has a header whose SHA-256 is not"),
        ["changed header"] = (() =>
            CheckpointBytes.Join(
                Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(CheckpointBytes.Split(Good).Header)
                    .Replace("\"step\":\"2\"", "\"step\":\"3\"", StringComparison.Ordinal)), CheckpointBytes.Split(Good).Data),
                    "has a header whose SHA-256 is not"),
        ["changed data"] = (() => [.. Good[..^1], (byte)(Good[^1] ^ 1)], "has data whose SHA-256 differs from the one in the header"),
    };

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void It_is_refused_and_nothing_is_changed(string name)
    {
        (Func<byte[]> change, string says) = Cases[name];
        using SingleSample sample = new SingleSample(seed: 3).Step(1);
        byte[] before = sample.Bytes;
        CheckpointException refused = Assert.Throws<CheckpointException>(() => sample.Load(change()));
        Assert.True(says.Split('|').Any(part => refused.Message.Contains(part, StringComparison.Ordinal)), refused.Message);
        Assert.StartsWith("memory: ", refused.Message, StringComparison.Ordinal);
        Assert.Matches("; [^;]+\\.$", refused.Message);
        Assert.Equal(before, sample.Bytes);
    }

    [Fact]
    public void The_file_that_was_not_changed_is_loaded()
    {
        using SingleSample sample = new(seed: 3);
        sample.Load(CheckpointBytes.WithJson(Good, _ => { }));
        Assert.Equal(Good, sample.Bytes);
    }

    [Fact]
    public void A_file_of_the_other_element_or_another_rule_is_refused()
    {
        using var sample = new DoubleSample();
        CheckpointException element = Assert.Throws<CheckpointException>(() => sample.Load(Good));
        Assert.Contains("holds the element 'F32', and this optimizer has 'F64'; load it into an optimizer of the same rule",
            element.Message, StringComparison.Ordinal);
        using var parameters = new ParameterBuffer<float>();
        parameters.Add("w", [3, 4]);
        CheckpointException rule = Assert.Throws<CheckpointException>(() => parameters.Optimize(new Adam())
            .Load(new MemoryStream(Good), "memory"));
        Assert.Contains("holds the rule 'Everything', and this optimizer has 'Adam'", rule.Message, StringComparison.Ordinal);
    }

    /// <summary>The header may take all of the file: a reader that keeps an object for each name would take many times as much.</summary>
    [Fact]
    public void A_large_header_of_strangers_allocates_no_more_than_its_size()
    {
        var text = new StringBuilder("{");
        for (int i = 0; i < 40_000; i++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture,
                $"\"{i}\":{{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,0]}},");
        }

        byte[] file = CheckpointBytes.Join(Encoding.UTF8.GetBytes(text + "\"w\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,0]}}"),
            []);
        using var sample = new SingleSample();
        using var stream = new MemoryStream(file);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<CheckpointException>(() => sample.Optimizer.Load(stream, "memory"));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, file.Length, file.Length + (128 * 1024));
    }

    private static byte[] Saved()
    {
        using SingleSample sample = new SingleSample().Step(2);
        return sample.Bytes;
    }

    private static byte[] Lengthened(ulong length)
    {
        byte[] bytes = [.. Good];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, length);
        return bytes;
    }

    private static byte[] Text(Func<string, string> change) => CheckpointBytes.WithHeader(Good, change);

    private static byte[] Json(Action<JsonObject> change) => CheckpointBytes.WithJson(Good, change);

    private static byte[] Metadata(string key, string value) => Json(json => json["__metadata__"]![key] = value);

    private static byte[] Move(string tensor, int begin, int end) => Json(json =>
    {
        JsonArray offsets = json[tensor]!["data_offsets"]!.AsArray();
        json[tensor]!["data_offsets"] = new JsonArray(offsets[0]!.GetValue<long>() + begin, offsets[1]!.GetValue<long>() + end);
    });
}
