plugins {
    id("com.android.application") version "8.13.0"
    id("org.jetbrains.kotlin.android") version "2.2.21"
    id("org.jetbrains.kotlin.plugin.compose") version "2.2.21"
    id("com.apollographql.apollo") version "4.3.3"
}

android {
    namespace = "example.larkspur.shop"
    compileSdk = 36

    defaultConfig {
        applicationId = "example.larkspur.shop"
        minSdk = 29
        targetSdk = 36
        versionCode = 31
        versionName = "0.7.0"
    }
}

apollo {
    service("storefront") {
        packageName.set("example.larkspur.shop.graphql")
        srcDir("../../graphql")
    }
}

dependencies {
    implementation("androidx.activity:activity-compose:1.11.0")
    implementation("androidx.compose.material3:material3:1.4.0")
    implementation("com.apollographql.apollo:apollo-runtime:4.3.3")
    testImplementation("junit:junit:4.13.2")
}
