namespace OptDsl.Generator.Model;

/// <summary>A diagnostic as a plain value.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Path">Its file.</param>
/// <param name="Start">The first character of its span.</param>
/// <param name="Length">The length of its span.</param>
/// <param name="Arguments">Of its message.</param>
internal sealed record ReportSpec(string Id, string Path, int Start, int Length, EquatableArray<string> Arguments);
