mod output_formats;
mod yaml_cases;
