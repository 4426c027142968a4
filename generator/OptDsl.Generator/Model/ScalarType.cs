namespace OptDsl.Generator.Model;

/// <summary>The types a value in a rule can have.</summary>
internal enum ScalarType
{
    Float64,
    Float32,
    Int32,
    Boolean,
}

internal static class ScalarTypes
{
    internal static bool IsFloating(this ScalarType type) => type is ScalarType.Float64 or ScalarType.Float32;

    internal static string Keyword(this ScalarType type) => type switch
    {
        ScalarType.Float64 => "double",
        ScalarType.Float32 => "float",
        ScalarType.Int32 => "int",
        _ => "bool",
    };
}
